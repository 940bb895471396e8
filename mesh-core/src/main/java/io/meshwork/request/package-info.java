/**
 * Requests for access: sent by consumers, decided by owners.
 *
 * <p>Start at {@link io.meshwork.request.RequestClient}. Invariants: nobody decides on a request of
 * their own; an approval never grants more than was requested. Interfaces only: {@code
 * internal.requests} and {@code internal.grants} carry out. Imports {@code access}, {@code product}
 * and {@code operation}.
 */
@NullMarked
package io.meshwork.request;

import org.jspecify.annotations.NullMarked;
