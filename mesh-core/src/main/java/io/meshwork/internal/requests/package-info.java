/**
 * Requests for access and the decisions on them, as documents and as operations: sends, lists,
 * denies, answers and withdraws requests.
 *
 * <p>Start at {@link io.meshwork.internal.requests.RequestQueue}. Invariant: no right changes here.
 * Imports the API of access and requests and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.requests;

import org.jspecify.annotations.NullMarked;
