// The page.
import './style.css';
import { html, render } from 'lit-html';

render(html`<main>obs</main>`, document.getElementById('page'));
