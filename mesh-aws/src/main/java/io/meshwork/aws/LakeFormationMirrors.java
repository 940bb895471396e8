package io.meshwork.aws;

import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

/** The mirrors of a catalog to Lake Formation, with that to Glue in its place. Stateless. */
final class LakeFormationMirrors {
  private LakeFormationMirrors() {}

  /**
   * Returns the mirrors in the order in which they are applied: what new tables depend on, the
   * tables, their grants, and the grants that recipients pass on. Only that to Glue if the
   * configuration has no other.
   *
   * @param glue the mirror to Glue
   * @param client opens Lake Formation as a principal
   */
  static List<Mirror> around(
      Mirror glue,
      MirroredCatalog catalog,
      AwsConfig config,
      Function<Principal, LakeFormationClient> client) {
    if (!config.usesLakeFormation()) {
      return List.of(glue);
    }
    LakeFormationCatalog wanted = new LakeFormationCatalog(catalog, config);
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(LakeFormationMirror.settings(wanted, () -> client.apply(catalog.runner())));
    mirrors.add(glue);
    mirrors.add(LakeFormationMirror.grants(wanted, () -> client.apply(catalog.runner())));
    for (String account : wanted.recipients()) {
      Principal runner = Principal.of(account, LakeFormationNames.MIRROR);
      mirrors.add(LakeFormationMirror.recipient(wanted, account, () -> client.apply(runner)));
    }
    return mirrors;
  }
}
