/**
 * Requests for access, and suggestions of improvements: sent by consumers, answered by owners.
 *
 * <p>Start at {@link io.meshwork.request.RequestClient} or {@link
 * io.meshwork.request.SuggestionClient}. Invariants: no principal decides its own request; an
 * approval never grants more than was requested. Interfaces only: {@code internal.grants} and
 * {@code internal.suggestions} implement them. Imports {@code access}, {@code product} and {@code
 * operation}.
 */
@NullMarked
package io.meshwork.request;

import org.jspecify.annotations.NullMarked;
