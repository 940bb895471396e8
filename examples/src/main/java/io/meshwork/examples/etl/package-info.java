/**
 * Two jobs as a team would write them: one publishes a day's orders from a CSV file, another turns
 * them into revenue by country.
 *
 * <p>Start at {@link io.meshwork.examples.etl.DailyOrders}. Uses the public API only; its tests use
 * the testkit's.
 */
@NullMarked
package io.meshwork.examples.etl;

import org.jspecify.annotations.NullMarked;
