import { html } from './html.ts';
import type { Html } from './html.ts';
import type { EventView } from './world-state.ts';

/** What others would be told. */
export function eventsCard(events: readonly EventView[]): Html {
  return html`<section>
    <h2>Published events</h2>
    ${
      events.length === 0
        ? html`<p class="faint">None yet.</p>`
        : html`<table class="events">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Event</th>
                <th scope="col">Detail</th>
              </tr>
            </thead>
            <tbody>
              ${events.map(
                ({ detail, detailType, time }) =>
                  html`<tr>
                    <td>${time.slice(0, 19).replace('T', ' ')} UTC</td>
                    <td>${detailType}</td>
                    <td><code>${JSON.stringify(detail)}</code></td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`;
}
