/**
 * Receipts of publishes as they are stored and logged, with their quality.
 *
 * <p>Start at {@code StoredReceipt}; {@code PublishLog} has the details of its log entry.
 * Invariant: a receipt never changes. Imports the packages of sessions and tables; knows no row.
 */
@NullMarked
package io.meshwork.internal.receipts;

import org.jspecify.annotations.NullMarked;
