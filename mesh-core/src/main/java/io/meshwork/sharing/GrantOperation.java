package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;

/**
 * Grants something: to whom, what is allowed, how long and why is said alike for all that can be
 * granted. To whom and why are required.
 *
 * @param <G> the verb itself, which every setter returns
 */
public sealed interface GrantOperation<G extends GrantOperation<G>>
    extends AccessOperation<List<GrantCard>> permits GrantByName, GrantByTags {
  /** What was said. Only this package can do something with it. */
  GrantTerms<G> terms();

  /** To these roles. */
  default G to(Principal... principals) {
    return terms().to(principals);
  }

  /** To whole accounts; their roles have it once the account hands it on. */
  default G toAccounts(String... accounts) {
    return terms().toAccounts(accounts);
  }

  /** To every role of the caller's own account, which hands it on. */
  default G toEveryRoleOf(String account) {
    return terms().toEveryRoleOf(account);
  }

  /** To every account of the mesh; their roles have it once the account hands it on. */
  default G toMesh() {
    return terms().toMesh();
  }

  /** What is allowed. Default: DESCRIBE and SELECT; of columns and rows SELECT. */
  default G allowing(Permission... permissions) {
    return terms().allowing(permissions);
  }

  /** The grantee may hand it on, within its own account only. */
  default G withGrantOption() {
    return terms().withGrantOption();
  }

  /** Ends by itself, by the mesh's clock; the instant is no longer part of it. */
  default G until(Instant end) {
    return terms().until(end);
  }

  /**
   * Also what is above INTERNAL: with a whole domain, or with {@link #toMesh}. For those who act
   * for the owner; nobody else grants that so.
   */
  default G evenIfSensitive() {
    return terms().evenIfSensitive();
  }

  /**
   * Answers this open request with a grant to its requester, for which alone the owner authorized
   * it; the request is approved thereby. The owner itself says {@code approve(id)}.
   */
  default G forRequest(String id) {
    return terms().forRequest(id);
  }

  /** Why. Required; kept with the grant and in the log. */
  default G because(String reason) {
    return terms().because(reason);
  }
}
