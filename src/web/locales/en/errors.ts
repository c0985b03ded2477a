import type { ErrorProblem } from '../error-problem.ts';
import type { Format } from '../format.ts';
import type { Notice } from '../told.ts';
import { scheduleNotice } from './schedule-errors.ts';
import { reportNotice } from './usage.ts';

function notice(problem: ErrorProblem, format: Format): Notice {
  switch (problem.code) {
    case 'malformed-id':
      return {
        title: 'This address is incomplete',
        happened:
          'The address contains something that is not the id of an endpoint or a connection.',
        next: 'Check that the whole link was copied, or pick the endpoint from the overview.',
      };
    case 'page-not-found':
      return {
        title: 'Page not found',
        happened: 'There is no page at this address.',
        next: 'Check the address, or start from the overview.',
      };
    case 'endpoint-unknown':
      return {
        title: 'Endpoint not found',
        happened: 'There is no such endpoint, or it is not one that your groups may see.',
        next: 'Pick one from the overview. If yours is missing there, ask an administrator about your groups.',
      };
    case 'minutes-not-offered':
      return {
        title: 'That length of time is not offered',
        happened: `The endpoint was not asked for. It can be kept on for ${problem.choices.map((minutes) => format.minutes(minutes)).join(', ')}.`,
        next: 'Go back to the endpoint’s page and choose one of these.',
      };
    case 'hold-kind-unknown':
      return {
        title: 'On or off is missing',
        happened:
          'The form did not say whether to hold the endpoint on or off. Nothing was changed.',
        next: 'Go back to the endpoint’s page and choose one of the two.',
      };
    case 'hold-until-not-usable':
      return {
        title: 'That time cannot be used',
        happened: `A hold ends in the future, at the latest in ${format.count(problem.longestDays)} days. Nothing was changed.`,
        next: 'Go back to the endpoint’s page and choose one of the times on offer.',
      };
    case 'hold-reason-missing':
      return {
        title: 'A reason is missing',
        happened: 'The form did not say why the endpoint is to be held. Nothing was changed.',
        next: 'Go back to the endpoint’s page and write a short reason: whoever needs the endpoint reads it.',
      };
    case 'hold-reason-too-long':
      return {
        title: 'That reason is too long',
        happened: `A reason has at most ${format.count(problem.longest)} characters. Nothing was changed.`,
        next: 'Go back to the endpoint’s page and say it in fewer words.',
      };
    case 'connection-gone':
      return {
        title: 'That connection has ended already',
        happened: 'The connection is not there any more. Nothing was changed.',
        next: 'Go back to the endpoint’s page to see who is connected now.',
      };
    case 'pause-until-not-usable':
    case 'pause-reason-missing':
    case 'pause-reason-too-long':
    case 'rule-missing':
    case 'rule-refused':
    case 'rule-not-confirmed':
      return scheduleNotice(problem, format);
    case 'body-unreadable':
      return {
        title: 'The request could not be read',
        happened:
          'What your browser sent is not a form that this page understands. Nothing was changed.',
        next: 'Go back to the overview and press the button again.',
      };
    case 'body-too-large':
      return {
        title: 'The request is too large',
        happened: 'More was sent than any form of this portal needs. Nothing was changed.',
        next: 'Go back to the overview and use the buttons there.',
      };
    case 'wrong-content-type':
      return {
        title: 'The request has the wrong form',
        happened: 'The portal only takes what its own forms send. Nothing was changed.',
        next: 'Go back to the overview and use the buttons there.',
      };
    case 'unknown-language':
      return {
        title: 'This language is not available',
        happened: 'The address asks for a language that the portal does not have.',
        next: 'Choose one of the languages at the top of the page.',
      };
    case 'cross-site-request':
      return {
        title: 'This request came from another site',
        happened: 'Another site tried to change something in your name. Nothing was changed.',
        next: 'If you meant to do it, go to the overview and press the button there.',
      };
    case 'not-permitted':
      return {
        title: 'You are not permitted to do this',
        happened: 'Your account may look at this, but not change it. Nothing was changed.',
        next: 'If you need it for your work, ask an administrator about your groups.',
      };
    case 'not-signed-in':
      return {
        title: 'You are not signed in',
        happened: 'The portal does not know who you are.',
        next: 'Sign in, and you can go on.',
      };
    case 'sign-in-expired':
      return {
        title: 'Your sign-in has expired',
        happened: 'You have been signed in for too long, so the portal asks once more.',
        next: 'Sign in again, and you can go on.',
      };
    case 'identity-not-verified':
      return {
        title: 'Your sign-in could not be verified',
        happened: 'The proof of who you are did not stand up to the portal’s check.',
        next: 'Sign in again. If this page comes back, send the request id below to an administrator.',
      };
    case 'aws-unavailable':
      return {
        title: 'AWS does not answer at the moment',
        happened: 'The portal could not get the answer it needs from AWS.',
        next: 'Try again in a minute. What has already been asked for is not lost.',
      };
    case 'store-unavailable':
      return {
        title: 'The portal cannot reach its memory',
        happened: 'The portal could not read or write its own records.',
        next: 'Try again in a minute. If you were asking for an endpoint, check in the overview whether it was noted.',
      };
    case 'method-not-allowed':
      return {
        title: 'This address does not work that way',
        happened: 'The address exists, but not for this kind of request. Nothing was changed.',
        next: 'Go to the overview and use the buttons there.',
      };
    case 'filter-not-usable':
    case 'answer-too-long':
      return reportNotice(problem, format);
    case 'unexpected':
      return {
        title: 'Something went wrong',
        happened: 'The portal made a mistake that it did not expect.',
        next: 'Try again. If it happens again, send the request id below to an administrator.',
      };
  }
}

/** The pages that say sorry. */
export const errors = {
  notice,
  endpoint: 'Go back to the endpoint',
  overview: 'Go to the overview',
  schedule: 'Go back to the schedule',
  tryAgain: 'Try again',
  status: (status: string) => `Error ${status}`,
  requestId: 'Request id',
};
