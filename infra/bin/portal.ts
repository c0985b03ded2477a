/**
 * The app that the CDK's own program runs, `npx cdk deploy --all`, as cdk.json says. It deploys what
 * infra/settings.local.ts says.
 */
import { createPortalApp } from '../app.ts';
import { makeBundles } from '../bundles.ts';
import { endWith } from './end-with.ts';
import { settingsToDeploy } from '../settings-file.ts';
import { synthesise } from '../synthesise.ts';

try {
  const settings = await settingsToDeploy();
  synthesise(createPortalApp(settings, { bundles: await makeBundles() }).app);
} catch (error) {
  endWith(error);
}
