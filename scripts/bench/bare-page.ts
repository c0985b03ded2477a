import path from 'node:path';
import ejs from 'ejs';
import express from 'express';
import { createServer } from 'node:http';
import { listen } from '../local/listen.ts';
import { answerQuestions, readCpu } from './child-process.ts';

/*
 * What there would be without a portal: Express and one EJS template, as large as the portal's page
 * and with about as many values in it, one for each 75 bytes. No identity, no store, no headers, no
 * log.
 */

const bytesPerValue = 75;
const bytes = Number(process.env['PAGE_BYTES']);
const file = path.join(import.meta.dirname, 'bare-page.ejs');
const title = 'Endpoints';
const frame = Buffer.byteLength(await ejs.renderFile(file, { title, values: [] }));
const row = Buffer.byteLength(await ejs.renderFile(file, { title, values: [''] })) - frame;
const values = Array.from({ length: Math.floor((bytes - frame) / bytesPerValue) }, (_, index) =>
  `An endpoint is off until somebody needs it: ${index}`.padEnd(bytesPerValue - row, '.'),
);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.engine('ejs', (name, view, done) => {
  ejs.renderFile(name, view, { cache: true }, (error, html) => {
    done(error, html);
  });
});
app.set('views', import.meta.dirname);
app.enable('view cache');
app.get('/', (_request, response) => {
  response.render('bare-page.ejs', { title, values });
});
const port = await listen(createServer(app), 0, 'PORT');

answerQuestions({ url: () => `http://127.0.0.1:${port}/`, cpu: readCpu });
