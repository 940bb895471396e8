package io.meshwork.cli.internal.code;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.cli.internal.access.GrantVerb;
import io.meshwork.cli.internal.code.CodeStep.Sign;
import io.meshwork.cli.internal.code.DomainCode.GrantCode;
import io.meshwork.cli.internal.code.DomainCode.LinkCode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.error.MeshException;
import io.meshwork.link.LinkResource;
import io.meshwork.link.ResourceLink;
import io.meshwork.operation.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The differences of grants by name and of links. */
final class SharingDifference {
  /** Why grants are revoked. */
  private static final String REASON = "The file of the domain does not name it";

  /** How a summary begins of a grant on a domain. */
  private static final String DOMAIN = "all of ";

  /**
   * A grant of the mesh that a file can describe.
   *
   * @param code what a file says of it
   * @param id its ID
   */
  record NamedGrant(GrantCode code, String id) {}

  private SharingDifference() {}

  static List<CodeStep> of(MeshClient client, DomainCode code, boolean domainExists) {
    List<CodeStep> steps = new ArrayList<>();
    compareGrants(client, code, domainExists ? grants(client) : new TreeMap<>(), steps);
    compareLinks(client, code, domainExists ? links(client) : List.of(), steps);
    return steps;
  }

  /** Returns the links of the domain, without the products that a link to a whole domain shows. */
  static List<ResourceLink> links(MeshClient client) {
    List<ResourceLink> links = client.links();
    Set<String> databases =
        links.stream()
            .map(ResourceLink::name)
            .filter(name -> !name.contains("."))
            .collect(Collectors.toSet());
    return links.stream()
        .filter(
            link -> {
              int dot = link.name().indexOf('.');
              return dot < 0 || !databases.contains(link.name().substring(0, dot));
            })
        .toList();
  }

  /** Returns what a file says of the grants of the mesh, each identity once. */
  static List<GrantCode> codes(MeshClient client) {
    return grants(client).values().stream().map(same -> same.get(0).code()).toList();
  }

  /** Returns the grants that a file can describe, by their identity, which several can have. */
  static SortedMap<String, List<NamedGrant>> grants(MeshClient client) {
    SortedMap<String, List<NamedGrant>> grants = new TreeMap<>();
    for (GrantSummary grant : client.access().grants()) {
      Optional<String> to = grantee(grant.to());
      if (isByName(grant) && to.isPresent()) {
        NamedGrant named = new NamedGrant(code(grant, to.get()), grant.id());
        grants.computeIfAbsent(named.code().identity(), key -> new ArrayList<>()).add(named);
      }
    }
    grants.values().forEach(same -> same.sort(Comparator.comparing(NamedGrant::id)));
    return grants;
  }

  /** True if the owner granted it, with exactly the permissions that a file would give. */
  private static boolean isByName(GrantSummary grant) {
    boolean isWhole =
        grant.columns().isEmpty() && grant.exceptColumns().isEmpty() && grant.rows().isEmpty();
    return !on(grant).contains(" ")
        && !grant.passedOn()
        && !grant.grantOption()
        && grant.authorization().isEmpty()
        && Set.copyOf(grant.permissions())
            .equals(
                isWhole
                    ? Set.of(Permission.DESCRIBE, Permission.SELECT)
                    : Set.of(Permission.SELECT));
  }

  /** Returns the product or the domain; a text with spaces of a grant by tags. */
  private static String on(GrantSummary grant) {
    return grant.on().startsWith(DOMAIN) ? grant.on().substring(DOMAIN.length()) : grant.on();
  }

  private static GrantCode code(GrantSummary grant, String to) {
    return new GrantCode(
        on(grant),
        to,
        grant.columns(),
        grant.exceptColumns(),
        grant.rows(),
        grant.until(),
        grant.because());
  }

  private static Optional<String> grantee(String text) {
    if (text.contains("/")) {
      return Optional.of(text);
    }
    String account = "account ";
    return text.startsWith(account)
        ? Optional.of(text.substring(account.length()))
        : Optional.empty();
  }

  private static void compareGrants(
      MeshClient client,
      DomainCode code,
      SortedMap<String, List<NamedGrant>> actual,
      List<CodeStep> steps) {
    Set<String> named = new HashSet<>();
    Set<String> kept = new HashSet<>();
    OtherColumns missing = OtherColumns.missing(client, code);
    List<GrantCode> available =
        code.grants().stream().flatMap(grant -> missing.available(grant).stream()).toList();
    for (GrantCode grant : available) {
      List<NamedGrant> existing = actual.getOrDefault(grant.identity(), List.of());
      if (!named.add(grant.identity()) || existing.stream().anyMatch(each -> isSame(each, grant))) {
        continue;
      }
      Optional<Plan<?>> plan = plan(client, grant);
      if (plan.isPresent() && (plan.get().isEmpty() || isAmendment(plan.get()))) {
        // The mesh has it, though its filter is written differently.
        kept.addAll(ids(client, grant, plan.get(), actual));
      }
      if (plan.isPresent() && plan.get().isEmpty()) {
        continue;
      }
      boolean amends =
          !existing.isEmpty() || plan.filter(SharingDifference::isAmendment).isPresent();
      steps.add(
          CodeStep.of(
              amends ? Sign.CHANGE : Sign.ADD,
              amends
                  ? "grant on "
                      + grant
                      + ", until "
                      + JsonFields.text(grant.until())
                      + ", because "
                      + grant.because()
                  : "grant on " + grant,
              plan.map(Plan::fingerprint).orElse(""),
              () -> grant(client, grant).commit()));
    }
    actual.forEach(
        (identity, same) -> {
          List<NamedGrant> others =
              same.stream().filter(grant -> !kept.contains(grant.id())).toList();
          if (!named.contains(identity) && !others.isEmpty()) {
            steps.add(unmanaged(client, others));
          }
        });
  }

  /** Returns the ID of the grant that the mesh has for one of the file. */
  private static List<String> ids(
      MeshClient client,
      GrantCode grant,
      Plan<?> plan,
      SortedMap<String, List<NamedGrant>> actual) {
    // Only an amendment names the ID, so a grant without a difference is planned with another
    // reason. Nothing is committed.
    Optional<Plan<?>> amendment =
        isAmendment(plan)
            ? Optional.of(plan)
            : plan(client, grant.because("Not: " + grant.because()))
                .filter(SharingDifference::isAmendment);
    List<String> ids =
        amendment.stream()
            .flatMap(each -> each.steps().stream())
            .map(step -> step.undo().substring(step.undo().lastIndexOf(' ') + 1))
            .toList();
    return ids.isEmpty() ? sameRecipient(grant, actual) : ids;
  }

  /** Returns all that it could be, so that none of them is revoked by mistake. */
  private static List<String> sameRecipient(
      GrantCode grant, SortedMap<String, List<NamedGrant>> actual) {
    return actual.values().stream()
        .flatMap(List::stream)
        .filter(each -> each.code().recipient().equals(grant.recipient()))
        .map(NamedGrant::id)
        .toList();
  }

  private static boolean isSame(NamedGrant existing, GrantCode grant) {
    return existing.code().until().equals(grant.until())
        && existing.code().because().equals(grant.because());
  }

  private static boolean isAmendment(Plan<?> plan) {
    return plan.steps().stream().anyMatch(step -> step.verb().equals("amend"));
  }

  private static CodeStep unmanaged(MeshClient client, List<NamedGrant> grants) {
    String[] ids = grants.stream().map(NamedGrant::id).toArray(String[]::new);
    return CodeStep.of(
        Sign.UNMANAGED,
        "grant on " + grants.get(0).code(),
        String.join(" ", ids),
        () -> client.revoke(ids).because(REASON).commit());
  }

  /** Returns the plan of a grant; empty for a product that is not there yet. */
  private static Optional<Plan<?>> plan(MeshClient client, GrantCode grant) {
    try {
      return Optional.of(grant(client, grant).plan());
    } catch (MeshException e) {
      return Optional.empty();
    }
  }

  private static GrantOperation<?> grant(MeshClient client, GrantCode code) {
    GrantOperation<?> grant =
        code.on().contains("/") ? onProduct(client, code) : client.grantDomain(code.on());
    GrantVerb.to(grant, code.to());
    code.until().ifPresent(grant::until);
    return grant.because(code.because());
  }

  private static GrantOperation.ByName onProduct(MeshClient client, GrantCode code) {
    GrantOperation.ByName grant = client.grant(code.on());
    if (!code.columns().isEmpty()) {
      grant.columns(code.columns().toArray(new String[0]));
    }
    if (!code.except().isEmpty()) {
      grant.exceptColumns(code.except().toArray(new String[0]));
    }
    code.rows().ifPresent(grant::rows);
    return grant;
  }

  private static void compareLinks(
      MeshClient client, DomainCode code, List<ResourceLink> actual, List<CodeStep> steps) {
    Map<String, ResourceLink> existing =
        actual.stream().collect(Collectors.toMap(ResourceLink::name, link -> link));
    Set<String> named = code.links().stream().map(LinkCode::name).collect(Collectors.toSet());
    for (String name : existing.keySet().stream().sorted().toList()) {
      if (!named.contains(name)) { // before a link to a whole domain takes its database
        steps.add(
            CodeStep.of(
                Sign.UNMANAGED, "link " + name, "", () -> client.unlinkResource(name).commit()));
      }
    }
    for (LinkCode link : code.links()) {
      ResourceLink current = existing.get(link.name());
      if (current == null) {
        steps.add(
            CodeStep.of(
                Sign.ADD,
                "link " + link.name() + " to " + link.target(),
                "",
                () -> link(client, link)));
      } else if (link.following() && !current.following()) {
        steps.add(
            CodeStep.of(
                Sign.CHANGE,
                "link " + link.name() + " to follow rollouts",
                "",
                () -> link(client, link)));
      }
    }
  }

  private static void link(MeshClient client, LinkCode link) {
    if (link.target().contains("/")) {
      LinkResource operation = client.linkResource(link.target()).database(link.database());
      link.table().ifPresent(operation::name);
      if (link.following()) {
        operation.followRollouts();
      }
      operation.commit();
    } else {
      client.linkDomain(link.target(), link.database()).commit();
    }
  }
}
