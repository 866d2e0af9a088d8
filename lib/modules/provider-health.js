// `require('@obs/native/provider-health')`: exactly the names of that documented module.
'use strict';

const { ProviderHealthMonitor, getGlobalHealthMonitor, recordProviderCall, getProviderHealth } =
  require('../face.js').shared()['provider-health'];

module.exports = { ProviderHealthMonitor, getGlobalHealthMonitor, recordProviderCall, getProviderHealth };
