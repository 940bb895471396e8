package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.ContractMirrorSettings;
import io.meshwork.aws.internal.MirrorProvider;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.MirrorSettings.OpenDataSettings;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.rights.RightsMirror;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Stands for the mirrors of a program without the module mesh-aws-mirrors. Each use fails. */
final class AbsentMirrors implements MirrorProvider {
  private static final String REASON = "the jar of mesh-aws-mirrors is not on the class path";

  /** Returns the mirrors of the class path. */
  static MirrorProvider orPresent() {
    return ServiceLoader.load(MirrorProvider.class, MirrorProvider.class.getClassLoader())
        .findFirst()
        .orElseGet(AbsentMirrors::new);
  }

  /** Returns true for the failure of a program without the module. */
  static boolean isReasonOf(MeshException e) {
    return e instanceof InvalidRequestException && e.reason().equals(REASON);
  }

  @Override
  public List<Mirror> mirrors(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      OpenDataSettings open,
      RoleSessions roles,
      Supplier<Set<String>> catalogs) {
    throw absent(MeshAction.of(Verb.UPDATE, "the mirrors of the mesh"));
  }

  @Override
  public RightsMirror rights(MirrorSettings settings, UnaryOperator<String> accounts) {
    return new AbsentRights();
  }

  private static InvalidRequestException absent(MeshAction action) {
    return Failure.of(action)
        .because(REASON)
        .state("Nothing was changed.")
        .fix("Add the dependency io.meshwork:mesh-aws-mirrors, with the version of mesh-bom.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  /** Fails only where rights in Lake Formation are compared, so that all else works. */
  private static final class AbsentRights implements RightsMirror {
    private static final MeshAction READ =
        MeshAction.of(Verb.READ, "the mirrored rights in Lake Formation");

    @Override
    public String service() {
      return "Lake Formation";
    }

    @Override
    public String account(String catalog) {
      throw absent(READ);
    }

    @Override
    public List<ObjectRange> ranges(String account, String database, Set<String> readers) {
      throw absent(READ);
    }

    @Override
    public Optional<ObjectRange> links(String consumer) {
      return Optional.empty();
    }

    @Override
    public String linkKey(String database, Optional<String> table) {
      return database + table.map(name -> "/" + name).orElse("");
    }

    @Override
    public ServiceRights rights(
        String account, Database database, Map<String, Map<String, JsonNode>> objects) {
      throw absent(READ);
    }
  }
}
