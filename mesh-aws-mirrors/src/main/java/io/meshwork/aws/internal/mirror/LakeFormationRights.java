package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Decides by the objects that the registry has of Lake Formation. Immutable. */
public final class LakeFormationRights implements RightsMirror {
  private static final String ROLE = ":role/";

  /** Grants without a database, such as grants by tags. */
  private static final String OF_CATALOG = LakeFormationKeys.NONE;

  private final MirrorSettings settings;
  private final UnaryOperator<String> accounts;

  /**
   * Creates it.
   *
   * @param accounts returns the account of a catalog
   */
  public LakeFormationRights(MirrorSettings settings, UnaryOperator<String> accounts) {
    this.settings = settings;
    this.accounts = accounts;
  }

  @Override
  public String service() {
    return "Lake Formation";
  }

  @Override
  public String account(String catalog) {
    return accounts.apply(catalog);
  }

  @Override
  public List<ObjectRange> ranges(String account, String database, Set<String> readers) {
    List<ObjectRange> ranges = new ArrayList<>();
    for (String prefix : LakeFormationKeys.deciding(database)) {
      ranges.add(new ObjectRange(LakeFormationMirror.GRANTS, account, prefix));
    }
    for (String reader : readers) {
      if (!reader.equals(account)) {
        for (String name : List.of(database, OF_CATALOG)) {
          ranges.add(
              new ObjectRange(
                  LakeFormationMirror.nameOf(reader), reader, LakeFormationKeys.grantsOn(name)));
          ranges.add(
              new ObjectRange(
                  LakeFormationMirror.nameOf(reader), reader, LakeFormationKeys.optInsOn(name)));
        }
      }
    }
    return ranges;
  }

  @Override
  public Optional<ObjectRange> links(String consumer) {
    return Optional.of(
        new ObjectRange(LakeFormationMirror.nameOf(consumer), consumer, LakeFormationKeys.LINK));
  }

  @Override
  public String linkKey(String database, Optional<String> table) {
    return table
        .map(name -> LakeFormationKeys.link(database, name))
        .orElseGet(() -> LakeFormationKeys.link(database));
  }

  @Override
  public ServiceRights rights(
      String account, Database database, Map<String, Map<String, JsonNode>> objects) {
    LakeFormationReader reader = new LakeFormationReader(account);
    Set<Principal> named = new HashSet<>();
    objects.forEach(
        (owner, contents) -> {
          reader.account(owner, organization());
          reader.read(owner, contents);
          contents.forEach(
              (key, content) -> {
                if (key.startsWith(LakeFormationKeys.GRANT)) {
                  addRole(content.path(GrantEntries.PRINCIPAL).asText(), named);
                }
              });
        });
    AccessEvaluator evaluator = AccessEvaluator.over(reader.state(List.of(database)));
    return new DecidedRights(account, database.name(), evaluator, Set.copyOf(named));
  }

  private static void addRole(String arn, Set<Principal> named) {
    int role = arn.indexOf(ROLE);
    if (role > 0) {
      Grantee.of(arn)
          .account()
          .ifPresent(
              account -> named.add(Principal.of(account, arn.substring(arn.lastIndexOf('/') + 1))));
    }
  }

  /** The name of an organization that the configuration does not name changes no decision. */
  private String organization() {
    return settings
        .organization()
        .map(arn -> arn.substring(arn.lastIndexOf('/') + 1))
        .orElse("o-mesh");
  }

  private final class DecidedRights implements ServiceRights {
    private final String account;
    private final String database;
    private final AccessEvaluator evaluator;
    private final Set<Principal> named;

    DecidedRights(
        String account, String database, AccessEvaluator evaluator, Set<Principal> named) {
      this.account = account;
      this.database = database;
      this.evaluator = evaluator;
      this.named = named;
    }

    @Override
    public Set<Principal> named() {
      return named;
    }

    @Override
    public ReadableColumns of(Principal reader, String table, Instant now) {
      if (!ResourceNames.isAccount(reader.account())) {
        return new ReadableColumns(Set.of(), true);
      }
      AccessDecision decision =
          evaluator.decide(
              AccessQuestion.of(
                  Grantee.of(settings.names().role(reader)),
                  Permission.SELECT,
                  new Resource.Table(account, database, table),
                  now));
      return new ReadableColumns(
          Set.copyOf(decision.columns()),
          decision.permission().rowFilter().everyRow()
              && decision.columns().stream()
                  .allMatch(column -> decision.permission().rowsOf(column).everyRow()));
    }
  }
}
