package io.meshwork.link;

import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.List;
import java.util.Optional;

/**
 * The links in the catalog of the caller's domain. {@code MeshClient.linkResource(..)} creates
 * them. Obtain it with {@code MeshClient.links()}. Thread-safe; nothing to close.
 */
public interface LinkClient {
  /**
   * Lists the links by name, each with what is missing to read through it. The link of a whole
   * domain is followed by the domain's products.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<ResourceLink> list();

  /**
   * Removes a link. The product or domain that it points to, grants, and subscriptions stay as they
   * are. If there is no such link, the plan has a finding that names the nearest one, and the
   * commit returns empty. The operation is for one thread and is committed once.
   *
   * @param link the name, as {@code database.table} or as the database of a whole domain
   * @return an operation that returns the link that was removed; empty if there was none. Its plan
   *     and its commit throw {@link io.meshwork.error.InvalidRequestException} if the account acts
   *     for no domain, or the name is a product within the link of a whole domain
   * @throws io.meshwork.error.InvalidRequestException if the name is not a legal link name
   */
  @CheckReturnValue
  PlannedOperation<Plan<Optional<ResourceLink>>, Optional<ResourceLink>> unlink(CharSequence link);
}
