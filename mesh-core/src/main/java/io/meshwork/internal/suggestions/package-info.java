/**
 * Suggestions of improvements: their documents, and the operations that send, answer, withdraw, and
 * list them.
 *
 * <p>Start at {@link io.meshwork.internal.suggestions.SuggestionOperations}. Invariant: the
 * consumer writes the suggestion, the owner the answer, and each of the two transactions checks the
 * document of the other. Whether a named rollout delivered a suggestion is read from the rollout.
 * Imports the API of requests, {@code event}, and {@code internal.session}.
 */
@NullMarked
package io.meshwork.internal.suggestions;

import org.jspecify.annotations.NullMarked;
