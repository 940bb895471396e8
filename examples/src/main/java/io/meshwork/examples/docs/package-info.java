/**
 * The programs that the texts show, between their tags. {@code scripts/check-docs} holds the texts
 * to these lines; a test runs each program and holds the texts to what it prints.
 *
 * <p>Uses the public API only.
 */
@NullMarked
package io.meshwork.examples.docs;

import org.jspecify.annotations.NullMarked;
