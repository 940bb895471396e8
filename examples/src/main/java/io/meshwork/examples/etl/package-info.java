/**
 * Two jobs of a team: one publishes a day's orders from a CSV file, the other aggregates them to
 * revenue by country.
 *
 * <p>Start at {@link io.meshwork.examples.etl.DailyOrders}. Uses the public API only; the tests use
 * that of the testkit.
 */
@NullMarked
package io.meshwork.examples.etl;

import org.jspecify.annotations.NullMarked;
