/**
 * What the example programs share.
 *
 * <p>Uses the public API only.
 */
@NullMarked
package io.meshwork.examples;

import org.jspecify.annotations.NullMarked;
