/**
 * One publish, from its rows to its receipt.
 *
 * <p>Start at {@code PublishRun}. A {@code RowSource} gives the rows; other packages implement it
 * for rows that the mesh has already. Invariant: one registry transaction makes rows visible, with
 * the receipt and the log entry. Imports no operation's package.
 */
@NullMarked
package io.meshwork.internal.publish.run;

import org.jspecify.annotations.NullMarked;
