package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.access.GrantByName;
import io.meshwork.access.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.cli.CodeStep.Sign;
import io.meshwork.cli.DomainCode.GrantCode;
import io.meshwork.cli.DomainCode.LinkCode;
import io.meshwork.error.MeshException;
import io.meshwork.link.ResourceLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The differences of grants by name and of links. */
final class SharingDifference {
  /** What a grant gives that names no permissions. */
  private static final Set<Permission> USUAL = Set.of(Permission.DESCRIBE, Permission.SELECT);

  /** Why grants are revoked. */
  private static final String REASON = "The file of the domain does not name it";

  private SharingDifference() {}

  static List<CodeStep> of(MeshClient client, DomainCode code, boolean domainExists) {
    List<CodeStep> steps = new ArrayList<>();
    compareGrants(client, code, domainExists ? grants(client) : Map.of(), steps);
    compareLinks(client, code, domainExists ? client.links().list() : List.of(), steps);
    return steps;
  }

  /** Returns the grants that a file can describe, with their IDs. */
  static Map<GrantCode, String> grants(MeshClient client) {
    Map<GrantCode, String> grants = new HashMap<>();
    for (GrantSummary grant : client.access().grants()) {
      if (!grant.on().contains(" ")
          && !grant.passedOn()
          && !grant.grantOption()
          && USUAL.containsAll(grant.permissions())
          && grantee(grant.to()).isPresent()) {
        grants.put(code(grant), grant.id());
      }
    }
    return grants;
  }

  private static GrantCode code(GrantSummary grant) {
    return new GrantCode(
        grant.on(),
        grantee(grant.to()).orElseThrow(),
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
      MeshClient client, DomainCode code, Map<GrantCode, String> actual, List<CodeStep> steps) {
    Map<String, GrantCode> byIdentity =
        actual.keySet().stream().collect(Collectors.toMap(GrantCode::identity, each -> each));
    Set<String> named = code.grants().stream().map(GrantCode::identity).collect(Collectors.toSet());
    for (GrantCode grant : code.grants()) {
      GrantCode before = byIdentity.get(grant.identity());
      if (before == null) {
        steps.add(
            CodeStep.of(
                Sign.ADD,
                "grant on " + grant.identity(),
                state(client, grant),
                () -> grant(client, grant).commit()));
      } else if (!before.until().equals(grant.until())
          || !before.because().equals(grant.because())) {
        steps.add(
            CodeStep.of(
                Sign.CHANGE,
                "grant on "
                    + grant.identity()
                    + ", until "
                    + JsonFields.text(grant.until())
                    + ", because "
                    + grant.because(),
                state(client, grant),
                () -> grant(client, grant).commit()));
      }
    }
    byIdentity.entrySet().stream()
        .filter(entry -> !named.contains(entry.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              String id = actual.getOrDefault(entry.getValue(), "");
              steps.add(
                  CodeStep.of(
                      Sign.UNMANAGED,
                      "grant on " + entry.getKey(),
                      id,
                      () -> client.access().revoke(id).because(REASON).commit()));
            });
  }

  /** Returns the fingerprint of a grant's plan; of a product that is not there yet, nothing. */
  private static String state(MeshClient client, GrantCode grant) {
    try {
      return grant(client, grant).plan().fingerprint();
    } catch (MeshException e) {
      return e.code();
    }
  }

  private static GrantByName grant(MeshClient client, GrantCode code) {
    GrantByName grant = client.grant(code.on());
    GrantVerb.to(grant, code.to());
    if (!code.columns().isEmpty()) {
      grant.columns(code.columns().toArray(new String[0]));
    }
    if (!code.except().isEmpty()) {
      grant.exceptColumns(code.except().toArray(new String[0]));
    }
    code.rows().ifPresent(grant::rows);
    code.until().ifPresent(grant::until);
    return grant.because(code.because());
  }

  private static void compareLinks(
      MeshClient client, DomainCode code, List<ResourceLink> actual, List<CodeStep> steps) {
    Set<String> existing = actual.stream().map(ResourceLink::name).collect(Collectors.toSet());
    Set<String> named = code.links().stream().map(LinkCode::name).collect(Collectors.toSet());
    for (LinkCode link : code.links()) {
      if (!existing.contains(link.name())) {
        steps.add(
            CodeStep.of(
                Sign.ADD,
                "link " + link.name() + " to " + link.target(),
                "",
                () -> link(client, link)));
      }
    }
    for (String name : existing.stream().sorted().toList()) {
      if (!named.contains(name)) {
        steps.add(
            CodeStep.of(
                Sign.UNMANAGED, "link " + name, "", () -> client.links().unlink(name).commit()));
      }
    }
  }

  private static void link(MeshClient client, LinkCode link) {
    var operation = client.linkResource(link.target()).into(link.database());
    link.table().ifPresent(operation::as);
    operation.commit();
  }
}
