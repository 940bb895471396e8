package io.meshwork.testkit.aws.internal.lake;

import io.meshwork.testkit.aws.internal.access.AccountOrganizations;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Lake Formation of all accounts and regions stores. Who uses it or what it returns holds its
 * monitor, from the decision about a request to its effect.
 */
public final class LakeState {
  private final Map<CatalogKey, LakeCatalog> catalogs = new HashMap<>();
  private final AccountOrganizations organizations = new AccountOrganizations();
  private final ResourceShares shares = new ResourceShares(organizations);

  public LakeCatalog catalog(CatalogKey key) {
    return catalogs.computeIfAbsent(key, LakeCatalog::new);
  }

  public List<LakeCatalog> catalogs(String region) {
    List<LakeCatalog> lakes = new ArrayList<>();
    catalogs.forEach(
        (key, catalog) -> {
          if (key.region().equals(region)) {
            lakes.add(catalog);
          }
        });
    return lakes;
  }

  public AccountOrganizations organizations() {
    return organizations;
  }

  public ResourceShares shares() {
    return shares;
  }
}
