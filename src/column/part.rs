//! The rows of one chunk, or those that are in none yet, in the forms that questions read.

use std::any::{Any, TypeId};
use std::sync::Arc;

use super::Summary;
use super::chunks::{Cell, Damaged, Place, Sink, Source};

/// The rows of a chunk that takes no more.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Where its rows are.
    pub place: Place,
    /// Tells it from every other chunk of this set of columns, also of other kinds.
    pub id: u64,
}

impl Chunk {
    /// Hands it to `sink` when it is only in memory.
    pub(super) fn spill(&mut self, sink: &mut dyn Sink) {
        if let Place::Memory(bytes) = &self.place {
            self.place = sink.put(bytes);
        }
    }
}

/// A form of some rows, and how many bytes of memory it takes.
#[derive(Debug, Clone)]
pub struct Formed {
    /// The form; see [`Form`].
    pub form: Arc<dyn Any + Send + Sync>,
    /// Its size.
    pub bytes: usize,
}

/// A form of some rows that questions read; the source keeps it, so that it is made once for many questions.
pub trait Form<R>: Send + Sync + Sized + 'static {
    /// Makes it.
    fn of(rows: Vec<R>) -> Self;
    /// Reads it from the bytes of a chunk of so many rows; `None` when they make no sense.
    #[must_use]
    fn read(bytes: &[u8], total: u64) -> Option<Self>
    where
        R: Cell,
    {
        R::decode(bytes).filter(|rows| rows.len() as u64 == total).map(Self::of)
    }
    /// How many bytes of memory it takes.
    fn bytes(&self) -> usize;
}

impl<R: Cell> Form<R> for Vec<R> {
    fn of(rows: Self) -> Self {
        rows
    }

    fn bytes(&self) -> usize {
        self.len() * size_of::<R>()
    }
}

/// A chunk, or the rows that are not in one yet.
#[derive(Debug, Clone)]
pub struct Part<'a, R> {
    /// What its rows add up to.
    pub summary: &'a Summary,
    pub(super) of: Of<'a, R>,
}

#[derive(Debug, Clone)]
pub(super) enum Of<'a, R> {
    /// Not in a chunk yet: `all` of them are those in `groups`, which are told by an id, and the `rest`.
    Open {
        all: &'a [R],
        groups: &'a [R],
        rest: &'a [R],
        id: u64,
    },
    Chunk(&'a Chunk),
}

/// The rows of a chunk, or those that are not in one yet.
#[derive(Debug)]
pub enum Rows<'a, R> {
    /// Not in a chunk yet.
    Open(&'a [R]),
    /// Decoded.
    Closed(Arc<Vec<R>>),
}

impl<R> std::ops::Deref for Rows<'_, R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        match self {
            Self::Open(rows) => rows,
            Self::Closed(rows) => rows,
        }
    }
}

impl<'a, R: Cell> Part<'a, R> {
    /// The rows in the order of the file.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn rows(&self, source: &dyn Source) -> Result<Rows<'a, R>, Damaged> {
        match self.of {
            Of::Open { all, .. } => Ok(Rows::Open(all)),
            Of::Chunk(chunk) => Ok(Rows::Closed(formed(chunk.id, source, || self.read(chunk, source))?)),
        }
    }

    /// A form of the rows, and the last few rows, which it does not hold.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn form<F: Form<R>>(&self, source: &dyn Source) -> Result<(Arc<F>, &'a [R]), Damaged> {
        match self.of {
            Of::Open { groups: [], rest, .. } => Ok((Arc::new(F::of(Vec::new())), rest)),
            Of::Open { groups, rest, id, .. } => Ok((formed(id, source, || Ok(F::of(groups.to_vec())))?, rest)),
            Of::Chunk(chunk) => Ok((formed(chunk.id, source, || self.read(chunk, source))?, &[])),
        }
    }

    fn read<F: Form<R>>(&self, chunk: &Chunk, source: &dyn Source) -> Result<F, Damaged> {
        F::read(&source.bytes(&chunk.place)?, self.summary.total).ok_or(Damaged)
    }
}

fn formed<R: Cell, F: Form<R>>(
    id: u64,
    source: &dyn Source,
    read: impl Fn() -> Result<F, Damaged>,
) -> Result<Arc<F>, Damaged> {
    let make = || {
        let form = read()?;
        let bytes = form.bytes();
        Ok(Formed { form: Arc::new(form), bytes })
    };
    source.formed((id, TypeId::of::<F>()), &make)?.form.downcast().map_err(|_| Damaged)
}
