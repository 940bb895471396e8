/**
 * The programs that the documentation quotes, between tags. {@code scripts/check-docs} compares the
 * quotes with these lines; a test runs each program and compares its output.
 *
 * <p>Uses the public API only.
 */
@NullMarked
package io.meshwork.examples.docs;

import org.jspecify.annotations.NullMarked;
