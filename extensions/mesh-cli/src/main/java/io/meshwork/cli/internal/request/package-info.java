/**
 * Verbs that ask an owner for access or for an improvement, and verbs that answer.
 *
 * <p>Start at {@link io.meshwork.cli.internal.request.RequestVerb}. Imports {@code verb} and what
 * that imports.
 */
@NullMarked
package io.meshwork.cli.internal.request;

import org.jspecify.annotations.NullMarked;
