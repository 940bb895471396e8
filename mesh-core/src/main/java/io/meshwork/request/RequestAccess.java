package io.meshwork.request;

import io.meshwork.operation.Operation;
import java.time.Instant;

/**
 * Requests access to a product from its owner. The same request again while it is open changes
 * nothing; other terms amend it, and approvals given before no longer count. For one thread;
 * committed once.
 */
public interface RequestAccess extends Operation<AccessRequest> {
  /** Requests only these top-level columns. Default: the whole product, with later columns. */
  RequestAccess columns(String... names);

  /** Requests only rows that match a filter, such as {@code country = 'SE'}. */
  RequestAccess rows(String filter);

  /**
   * Sets the purpose. Required; the owner decides by it, and it is kept with the grant and logged.
   */
  RequestAccess purpose(String text);

  /** Sets how the data will be read. Default: by people in the caller's role. */
  RequestAccess method(AccessRequest.Method method);

  /**
   * Sets when access is no longer needed.
   *
   * @param end exclusive, by the mesh's clock. Default: no end
   */
  RequestAccess until(Instant end);

  /**
   * Sends the request.
   *
   * @return the request, which waits for the owner
   * @throws io.meshwork.error.InvalidRequestException if the purpose is missing, a column is not in
   *     the contract, the filter is not in the filter language, the end is past, the account acts
   *     for no domain, or the caller can read the product already because it acts for the owner or
   *     the product is open to the mesh
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  @Override
  AccessRequest commit();
}
