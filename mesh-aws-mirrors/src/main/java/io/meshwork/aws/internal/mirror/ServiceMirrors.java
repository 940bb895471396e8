package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.ContractMirrorSettings;
import io.meshwork.aws.internal.MirrorProvider;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.MirrorSettings.OpenDataSettings;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.rights.RightsMirror;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The mirrors of this module, which a mesh on AWS finds by {@code ServiceLoader}. Stateless. */
public final class ServiceMirrors implements MirrorProvider {
  /** Creates it. {@code ServiceLoader} calls this. */
  public ServiceMirrors() {}

  @Override
  public List<Mirror> mirrors(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      OpenDataSettings open,
      RoleSessions roles,
      Supplier<Set<String>> catalogs) {
    return AwsMirrors.of(catalog, settings, contracts, open, new SessionClients(roles), catalogs);
  }

  @Override
  public RightsMirror rights(MirrorSettings settings, UnaryOperator<String> accounts) {
    return new LakeFormationRights(settings, accounts);
  }
}
