package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.AccessFacts;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The part of a state that one decision depends on. */
public final class RelevantState {
  private RelevantState() {}

  public static AccessState of(AccessIndex index, AccessQuestion question) {
    AccessState all = index.state();
    ResolvedResource resolved = ResolvedResource.of(index, question.on());
    String owner = resolved.target(question.on()).account();
    Set<String> owners = new HashSet<>(List.of(owner, question.on().account()));
    Set<String> grantees = new HashSet<>(index.identity(question.principal()).ids());
    grantees.add(Grantee.IAM_ALLOWED_PRINCIPALS.id());
    String home = Grantee.accountOf(question.principal().id());
    List<AccessFacts.Database> databases =
        all.databases().stream()
            .filter(
                candidate ->
                    isNamed(candidate, question.on())
                        || (resolved.database() != null
                            && candidate.equals(resolved.database().database())))
            .toList();
    List<Grant> grants =
        all.grants().stream()
            .filter(grant -> owners.contains(grant.on().account()))
            .filter(
                grant ->
                    grantees.contains(grant.to().id())
                        || !grant.grantable().isEmpty()
                        || includesAccount(grant.to(), home))
            .toList();
    return new AccessState(
        all.accounts(),
        all.principals(),
        all.tags(),
        all.expressions(),
        databases,
        all.filters(),
        all.links(),
        all.locations(),
        grants,
        all.optIns(),
        all.shares(),
        all.heldWithOption());
  }

  private static boolean isNamed(AccessFacts.Database database, Resource on) {
    return database.account().equals(on.account())
        && on.database()
            .filter(
                name ->
                    CaseInsensitiveNames.of(name).equals(CaseInsensitiveNames.of(database.name())))
            .isPresent();
  }

  private static boolean includesAccount(Grantee to, String home) {
    return switch (to.kind()) {
      case ORGANIZATION, UNIT -> true;
      case ACCOUNT -> to.id().equals(home);
      case PRINCIPAL, ACCOUNT_PRINCIPALS, IAM_ALLOWED_PRINCIPALS -> false;
    };
  }
}
