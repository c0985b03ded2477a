import type { SamplePerson } from './alb/people.ts';
import { samplePeople } from './alb/people.ts';
import { signInPath } from './alb/sign-in.ts';
import { eventsCard } from './events-card.ts';
import { faultyServices } from './faults.ts';
import { html, htmlPage } from './html.ts';
import type { Html } from './html.ts';
import type { EndpointView, SubnetView, WorldState } from './world-state.ts';

/** The page on which one plays AWS: time, laptops, the console, and what goes wrong. */
export function localPage(world: WorldState, signedIn: SamplePerson | null): Html {
  return htmlPage(
    'Local stack – simulated AWS',
    html`<header>
        <h1>Local stack</h1>
        <p class="faint">
          A simulated AWS around the real portal. Nothing here leaves this machine.
        </p>
        <nav>
          <a class="button primary" href="/">Open the portal</a>
          <a class="button" href="/local">Refresh</a>
          <a class="button" href="${signInPath}"
            >${signedIn === null ? 'Sign in' : 'Change person'}</a
          >
        </nav>
        <p>
          ${signedIn === null ? 'Nobody is signed in.' : `Signed in as ${signedIn.displayName} (${signedIn.role.english}).`}
        </p>
      </header>
      <main>
        ${clockCard(world)}
        ${world.endpoints.map((endpoint) => endpointCard(endpoint, world.subnets))}
        ${troubleCard(world)} ${eventsCard(world.events)}
      </main>`,
  );
}

function clockCard(world: WorldState): Html {
  const ahead = Math.round(world.minutesAhead);
  return html`<section>
    <h2>Time</h2>
    <p class="clock"><time datetime="${world.now}">${readableTime(world.now)}</time></p>
    <p class="faint">
      ${ahead === 0 ? 'The same as the real time.' : `${duration(ahead)} ahead of the real time.`}
    </p>
    <div class="row">
      ${[[10, '+10 minutes'] as const, [60, '+1 hour'] as const, [1440, '+1 day'] as const].map(
        ([minutes, label]) =>
          html`<form method="post" action="/local/clock">
            <button name="advanceMinutes" value="${minutes}">${label}</button>
          </form>`,
      )}
    </div>
  </section>`;
}

function endpointCard(endpoint: EndpointView, subnets: readonly SubnetView[]): Html {
  const isOn = endpoint.associations.some(({ status }) => status === 'associated');
  return html`<section id="${endpoint.endpointId}">
    <h2>${endpoint.name} ${badge(endpoint.status)}</h2>
    <p class="faint"><code>${endpoint.endpointId}</code></p>
    <h3>Target networks</h3>
    ${associationTable(endpoint)}
    <form class="row" method="post" action="/local/associations">
      <input type="hidden" name="endpointId" value="${endpoint.endpointId}" />
      ${subnetChoice(`associate-${endpoint.endpointId}`, subnets)}
      <button>Associate, as in the console</button>
    </form>
    <h3>Routes</h3>
    ${routeTable(endpoint)}
    ${
      isOn
        ? html`<form class="row" method="post" action="/local/routes">
            <input type="hidden" name="endpointId" value="${endpoint.endpointId}" />
            <label
              >Destination <input name="destinationCidr" value="192.168.0.0/16" required
            /></label>
            ${subnetChoice(`route-${endpoint.endpointId}`, subnets)}
            <label>Description <input name="description" value="Added in the console" /></label>
            <button>Add the route</button>
          </form>`
        : null
    }
    <h3>Connections</h3>
    ${connectionTable(endpoint)}
    ${
      isOn
        ? html`<form class="row" method="post" action="/local/connections">
            <input type="hidden" name="endpointId" value="${endpoint.endpointId}" />
            <label
              >Person
              <select name="username">
                ${samplePeople.map(
                  (person) => html`<option value="${person.email}">${person.displayName}</option>`,
                )}
              </select></label
            >
            <button>Connect a laptop</button>
          </form>`
        : html`<p class="faint">Nobody can connect while no target network is associated.</p>`
    }
  </section>`;
}

function associationTable(endpoint: EndpointView): Html {
  if (endpoint.associations.length === 0) return html`<p class="faint">None: it costs nothing.</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Subnet</th>
        <th scope="col">Status</th>
        <th scope="col">Association</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${endpoint.associations.map(
        (association) =>
          html`<tr>
            <td><code>${association.subnetId ?? '–'}</code></td>
            <td>${badge(association.status)} ${association.message}</td>
            <td><code>${association.associationId}</code></td>
            <td>
              ${
                association.status === 'disassociating'
                  ? null
                  : html`<form
                      method="post"
                      action="/local/associations/${association.associationId}/delete"
                    >
                      <button>Disassociate</button>
                    </form>`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function routeTable(endpoint: EndpointView): Html {
  if (endpoint.routes.length === 0) return html`<p class="faint">None.</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Destination</th>
        <th scope="col">Subnet</th>
        <th scope="col">Status</th>
        <th scope="col">Origin</th>
        <th scope="col">Description</th>
      </tr>
    </thead>
    <tbody>
      ${endpoint.routes.map(
        (route) =>
          html`<tr>
            <td><code>${route.destinationCidr}</code></td>
            <td><code>${route.subnetId}</code></td>
            <td>${badge(route.status)}</td>
            <td>${route.origin}</td>
            <td>${route.description}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function connectionTable(endpoint: EndpointView): Html {
  if (endpoint.connections.length === 0) return html`<p class="faint">None in the last hour.</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Person</th>
        <th scope="col">Status</th>
        <th scope="col">Since</th>
        <th scope="col">Until</th>
        <th scope="col">Address</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${endpoint.connections.map(
        (connection) =>
          html`<tr>
            <td>${connection.username}</td>
            <td>
              ${badge(connection.status)}
              ${
                connection.silentSince === null
                  ? null
                  : html`silent since ${readableTime(connection.silentSince)}`
              }
            </td>
            <td>${readableTime(connection.establishedAt)}</td>
            <td>${connection.endedAt === null ? '–' : readableTime(connection.endedAt)}</td>
            <td>${connection.clientIp}</td>
            <td>
              ${
                connection.status === 'active'
                  ? html`<form
                        method="post"
                        action="/local/connections/${connection.connectionId}/delete"
                      >
                        <button>Disconnect</button>
                      </form>
                      ${silenceForm(connection)}`
                  : null
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Nothing is sent or received any more, as by a laptop that somebody has left behind. */
function silenceForm({ connectionId, silentSince }: EndpointView['connections'][number]): Html {
  const silence = `/local/connections/${connectionId}/silence`;
  return silentSince === null
    ? html`<form method="post" action="${silence}"><button>Goes silent</button></form>`
    : html`<form method="post" action="${silence}/delete"><button>Moves again</button></form>`;
}

function troubleCard(world: WorldState): Html {
  return html`<section>
    <h2>Make AWS fail</h2>
    ${
      world.faults.length === 0
        ? html`<p class="faint">Nothing is to fail.</p>`
        : html`<table>
              <thead>
                <tr>
                  <th scope="col">Service</th>
                  <th scope="col">Operation</th>
                  <th scope="col">Answer</th>
                  <th scope="col">Calls left</th>
                  <th scope="col">When</th>
                </tr>
              </thead>
              <tbody>
                ${world.faults.map(
                  (fault) =>
                    html`<tr>
                      <td>${fault.service}</td>
                      <td>${fault.action}</td>
                      <td>${fault.status} <code>${fault.code}</code></td>
                      <td>${fault.times}</td>
                      <td>
                        ${fault.effect === 'after' ? 'after the work' : 'instead of the work'}
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>
            <form method="post" action="/local/faults/delete">
              <button>Let everything work again</button>
            </form>`
    }
    <h3>Calls</h3>
    <form class="row" method="post" action="/local/faults">
      <label
        >Service
        <select name="service">
          ${faultyServices.map((service) => html`<option>${service}</option>`)}
        </select></label
      >
      <label
        >Operation, or * <input name="action" value="AssociateClientVpnTargetNetwork" required
      /></label>
      <label
        >Error code <input name="code" value="RequestLimitExceeded" list="codes" required
      /></label>
      <datalist id="codes">
        ${[
          'RequestLimitExceeded',
          'InternalError',
          'ConcurrentMutationLimitExceeded',
          'IncorrectState',
          'UnauthorizedOperation',
          'ConnectionReset',
          'Timeout',
          'FailedEntries',
        ].map((code) => html`<option value="${code}"></option>`)}
      </datalist>
      <label
        >Status <input name="status" type="number" min="400" max="599" value="503" required
      /></label>
      <label
        >Calls <input name="times" type="number" min="1" max="1000" value="3" required
      /></label>
      <label
        >When
        <select name="effect">
          <option value="before">instead of the work</option>
          <option value="after">after the work</option>
        </select></label
      >
      <button>Let these calls fail</button>
    </form>
    <h3>Associations</h3>
    <form class="row" method="post" action="/local/failed-associations">
      ${subnetChoice('fail', world.subnets)}
      <button>Let the next one fail</button>
    </form>
    <form class="row" method="post" action="/local/slow-associations">
      ${subnetChoice('slow', world.subnets)}
      <label
        >Seconds longer <input name="seconds" type="number" min="1" max="86400" value="60" required
      /></label>
      <button>Let the next one take longer</button>
    </form>
    <h3>Sign-in</h3>
    <form method="post" action="/local/sessions/delete"><button>End every session</button></form>
  </section>`;
}

function subnetChoice(id: string, subnets: readonly SubnetView[]): Html {
  return html`<label for="${id}">Subnet</label>
    <select id="${id}" name="subnetId">
      ${subnets.map(
        (subnet) =>
          html`<option value="${subnet.subnetId}">
            ${subnet.name}, ${subnet.availabilityZone}
          </option>`,
      )}
    </select>`;
}

function badge(status: string): Html {
  return html`<span class="badge ${toneOf(status)}">${status}</span>`;
}

function toneOf(status: string): 'good' | 'busy' | 'bad' | 'quiet' {
  if (status.includes('failed')) return 'bad';
  if (status.endsWith('ing')) return 'busy';
  return ['active', 'associated', 'available'].includes(status) ? 'good' : 'quiet';
}

function readableTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function duration(minutes: number): string {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = [
    days === 0 ? '' : `${days} d`,
    hours === 0 ? '' : `${hours} h`,
    minutes % 60 === 0 ? '' : `${minutes % 60} min`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
