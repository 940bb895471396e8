/**
 * Requests for access and the decisions on them: their documents, and the operations to send, list,
 * deny, answer and withdraw requests.
 *
 * <p>Start at {@link io.meshwork.internal.requests.RequestQueue}. Invariant: nothing here changes
 * rights. Imports the API of access and requests and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.requests;

import org.jspecify.annotations.NullMarked;
