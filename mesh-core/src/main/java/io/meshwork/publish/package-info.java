/**
 * Publishing: rows that keep a contract become one snapshot, once.
 *
 * <p>Start at {@link io.meshwork.publish.Publish}. Invariant: one registry transaction makes rows
 * visible, with the receipt and the log entry in it. Imports the internal rooms; no other verb.
 */
@NullMarked
package io.meshwork.publish;

import org.jspecify.annotations.NullMarked;
