package io.meshwork.internal.grants;

import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.product.Principal;
import java.time.Instant;

/**
 * The settings that all grants have. They are stored in a {@link GrantSpec}.
 *
 * @param <G> the operation, which every setter returns
 */
interface GrantSettings<G extends GrantOperation<G>> extends GrantOperation<G> {
  GrantSpec<G> spec();

  @Override
  default G to(Principal... principals) {
    return spec().to(principals);
  }

  @Override
  default G toAccounts(String... accounts) {
    return spec().toAccounts(accounts);
  }

  @Override
  default G toAllRoles(String account) {
    return spec().toAllRoles(account);
  }

  @Override
  default G toMesh() {
    return spec().toMesh();
  }

  @Override
  default G permissions(Permission... permissions) {
    return spec().allowing(permissions);
  }

  @Override
  default G withGrantOption() {
    return spec().withGrantOption();
  }

  @Override
  default G until(Instant end) {
    return spec().until(end);
  }

  @Override
  default G includeSensitive() {
    return spec().includingSensitive();
  }

  @Override
  default G because(String reason) {
    return spec().because(reason);
  }
}
