//! Values by name, in the order in which the names came.

use std::collections::HashMap;

/// Values by name (WTF-8).
///
/// ```
/// use obs_native::column::InOrder;
///
/// let mut counts = InOrder::default();
/// for name in ["qa", "deploy", "qa"] {
///     *counts.of(name.as_bytes()) += 1;
/// }
/// let counts: Vec<_> = counts.into_iter().collect();
/// assert_eq!(counts, [(b"qa".as_slice().into(), 2), (b"deploy".as_slice().into(), 1)]);
/// ```
#[derive(Debug, Default)]
pub struct InOrder<V> {
    places: HashMap<Box<[u8]>, usize>,
    values: Vec<V>,
}

impl<V: Default> InOrder<V> {
    /// The value of a name; a new name gets the default.
    pub fn of(&mut self, name: &[u8]) -> &mut V {
        let place = self.places.get(name).copied().unwrap_or_else(|| {
            self.places.insert(name.into(), self.values.len());
            self.values.push(V::default());
            self.values.len() - 1
        });
        &mut self.values[place]
    }

    /// Whether there is no name.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl<V> IntoIterator for InOrder<V> {
    type Item = (Box<[u8]>, V);
    type IntoIter = std::iter::Zip<std::vec::IntoIter<Box<[u8]>>, std::vec::IntoIter<V>>;

    fn into_iter(self) -> Self::IntoIter {
        let mut names: Vec<_> = self.places.into_iter().collect();
        names.sort_unstable_by_key(|(_, place)| *place);
        names.into_iter().map(|(name, _)| name).collect::<Vec<_>>().into_iter().zip(self.values)
    }
}
