/**
 * Verbs that publish, read, subscribe to, and erase rows.
 *
 * <p>Start at {@link io.meshwork.cli.internal.data.PublishVerb}. Imports {@code verb} and what that
 * imports.
 */
@NullMarked
package io.meshwork.cli.internal.data;

import org.jspecify.annotations.NullMarked;
