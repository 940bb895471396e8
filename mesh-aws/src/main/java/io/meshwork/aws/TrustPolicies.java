package io.meshwork.aws;

import io.meshwork.aws.internal.MirrorSettings.TrustedEngines;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who may assume the roles of a mesh, and with which session tags.
 *
 * @param config the configuration of the mesh
 */
record TrustPolicies(AwsConfig config) {
  /** How the names of services end that a mesh uses, in each partition. */
  static final String SERVICE = ".amazonaws.com";

  private static final Pattern ACCEPTED =
      Pattern.compile(
          "[a-z0-9-]+(\\.[a-z0-9-]+)*\\.amazonaws\\.com(\\.cn)?"
              + "|[0-9]{12}"
              + "|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/[A-Za-z0-9+=,.@_/-]+)");

  /**
   * Returns who may assume a role.
   *
   * @param parameter its name in messages
   * @throws InvalidRequestException if one of them is not a service, an account, or the ARN of a
   *     role or user that IAM accepts in the partition of the mesh
   */
  List<String> checked(String parameter, List<String> trusted) {
    String inPartition = "arn:" + config.partition() + ":";
    for (String name : ArgumentChecks.required(parameter, trusted)) {
      if (ArgumentChecks.required(parameter, name).startsWith("arn:")
          && !name.startsWith(inPartition)) {
        throw ArgumentChecks.refused(
            parameter,
            "has '" + name + "', which is in another partition of AWS than " + config.region(),
            "Use an ARN that starts with " + inPartition + ".");
      }
      if (!ACCEPTED.matcher(name).matches()) {
        throw ArgumentChecks.refused(
            parameter,
            "has '" + name + "', which the trust policy of a role cannot name",
            "Use a service such as glue.amazonaws.com, an account, 12 digits, or the ARN of a role"
                + " such as "
                + inPartition
                + "iam::111111111111:role/pipeline.");
      }
    }
    return List.copyOf(trusted);
  }

  /**
   * Returns the trust policy of a role whose processes belong to services, roles, or accounts.
   *
   * @param trusted names of services, ARNs of roles, or accounts
   */
  String ofProcesses(List<String> trusted) {
    List<PolicyStatement> statements = new ArrayList<>();
    List<String> services = trusted.stream().filter(TrustPolicies::isService).toList();
    List<String> others =
        trusted.stream()
            .filter(name -> !isService(name))
            .map(name -> AwsConfig.isAccount(name) ? config.accountArn(name) : name)
            .toList();
    if (!services.isEmpty()) {
      statements.add(
          PolicyStatement.allow("RunInServices")
              .toServices(services.toArray(String[]::new))
              .actions(AwsPolicies.ASSUME));
    }
    if (!others.isEmpty()) {
      statements.add(assume(others));
    }
    return PolicyDocument.TRUST.text(statements);
  }

  /** In China, names such as EC2's have another ending. */
  private static boolean isService(String name) {
    return name.endsWith(SERVICE) || name.endsWith(SERVICE + ".cn");
  }

  /** Returns the trust policy of a role as which another one acts with the session tag. */
  String ofActing(Principal trusted) {
    List<String> arns = List.of(config.roleArn(trusted));
    PolicyStatement assume = assume(arns);
    return PolicyDocument.TRUST.text(
        List.of(
            config
                .externalId()
                .map(id -> assume.when("StringEquals", AwsPolicies.EXTERNAL_ID, id))
                .orElse(assume),
            tag(arns)));
  }

  /** Returns the trust policy of a registry role. */
  String ofRegistryRole(List<String> trusted) {
    return PolicyDocument.TRUST.text(
        List.of(
            assume(trusted)
                .when("StringEquals", AwsPolicies.EXTERNAL_ID, config.registryExternalId()),
            tag(trusted)));
  }

  /**
   * Returns the trust policy of a role that reads as a trusted engine.
   *
   * @param value the value of its session tag
   */
  String ofEngine(List<String> trusted, String value) {
    PolicyStatement assume = assume(trusted);
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(
        config
            .externalId()
            .map(id -> assume.when("StringEquals", AwsPolicies.EXTERNAL_ID, id))
            .orElse(assume));
    statements.add(tag(trusted));
    statements.add(
        PolicyStatement.allow("TagEngineSession")
            .to(trusted)
            .actions(AwsPolicies.TAG)
            .when("StringEquals", requested(StsRoles.MESH_TAG), config.meshName())
            .when("StringEquals", requested(TrustedEngines.SESSION_TAG), value)
            .when(
                "ForAllValues:StringEquals",
                "aws:TagKeys",
                List.of(StsRoles.MESH_TAG, TrustedEngines.SESSION_TAG)));
    return PolicyDocument.TRUST.text(statements);
  }

  private static PolicyStatement assume(List<String> trusted) {
    return PolicyStatement.allow("AssumeRole").to(trusted).actions(AwsPolicies.ASSUME);
  }

  private PolicyStatement tag(List<String> trusted) {
    return PolicyStatement.allow("TagSession")
        .to(trusted)
        .actions(AwsPolicies.TAG)
        .when("StringEquals", requested(StsRoles.MESH_TAG), config.meshName())
        .when("ForAllValues:StringEquals", "aws:TagKeys", StsRoles.MESH_TAG);
  }

  private static String requested(String tag) {
    return "aws:RequestTag/" + tag;
  }
}
