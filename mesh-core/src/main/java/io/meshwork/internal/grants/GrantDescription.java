package io.meshwork.internal.grants;

import io.meshwork.access.GrantCard;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;

/**
 * The settings that all grants have.
 *
 * @param <G> the operation, which every setter returns
 */
interface GrantDescription<G extends GrantOperation<G>>
    extends GrantOperation<G>, RightsOperation<List<GrantCard>> {
  /** The settings. */
  GrantSpec<G> terms();

  @Override
  default G to(Principal... principals) {
    return terms().to(principals);
  }

  @Override
  default G toAccounts(String... accounts) {
    return terms().toAccounts(accounts);
  }

  @Override
  default G toEveryRoleOf(String account) {
    return terms().toEveryRoleOf(account);
  }

  @Override
  default G toMesh() {
    return terms().toMesh();
  }

  @Override
  default G allowing(Permission... permissions) {
    return terms().allowing(permissions);
  }

  @Override
  default G withGrantOption() {
    return terms().withGrantOption();
  }

  @Override
  default G until(Instant end) {
    return terms().until(end);
  }

  @Override
  default G includingSensitive() {
    return terms().includingSensitive();
  }

  @Override
  default G forRequest(String id) {
    return terms().forRequest(id);
  }

  @Override
  default G because(String reason) {
    return terms().because(reason);
  }
}
