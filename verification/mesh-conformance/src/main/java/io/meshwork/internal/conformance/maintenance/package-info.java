/**
 * Suites of maintenance, retention, and the places of domains' data.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.maintenance.MaintenanceSuite}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.maintenance;

import org.jspecify.annotations.NullMarked;
