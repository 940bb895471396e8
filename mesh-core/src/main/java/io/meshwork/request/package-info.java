/**
 * Requests for access: sent by consumers, decided by owners.
 *
 * <p>Start at {@link io.meshwork.request.RequestClient}. Invariants: no principal decides its own
 * request; an approval never grants more than was requested. Interfaces only: {@code
 * internal.grants} implements them. Imports {@code access}, {@code product} and {@code operation}.
 */
@NullMarked
package io.meshwork.request;

import org.jspecify.annotations.NullMarked;
