import express from 'express';
import serverless from 'serverless-http';

const app = express();
app.get('/healthz', (_request, response) => {
  response.send('hello\n');
});
export const handler = serverless(app, { provider: 'aws' });
