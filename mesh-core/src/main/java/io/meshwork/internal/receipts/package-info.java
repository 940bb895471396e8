/**
 * Requests to change a product's rows, and their stored and logged receipts, with their quality.
 *
 * <p>Start at {@code StoredReceipt}. {@code PublishLog} has the details of its log entry; {@code
 * IdempotentChange} commits a request once. Invariant: a receipt never changes. Imports the
 * packages of sessions and tables; knows no row.
 */
@NullMarked
package io.meshwork.internal.receipts;

import org.jspecify.annotations.NullMarked;
