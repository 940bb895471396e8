package io.meshwork.testkit.aws.internal.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.IamStatement.PrincipalMatch;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy: of an identity, a resource, or the trust of a role.
 *
 * @param statements its statements
 */
public record IamPolicy(List<IamStatement> statements) {
  private static final String VERSION = "2012-10-17";

  public IamPolicy {
    statements = List.copyOf(statements);
  }

  /**
   * Parses a policy of an identity.
   *
   * @throws NotEmulatedException if it contains what the emulator does not know
   */
  public static IamPolicy ofIdentity(String json) {
    IamPolicy policy = parse(json);
    for (IamStatement statement : policy.statements) {
      if (statement.resources().isEmpty() || !statement.principals().isEmpty()) {
        throw new NotEmulatedException(
            "A statement of an identity policy names resources and no principal.");
      }
    }
    return policy;
  }

  /** Parses a policy of a resource, such as a bucket, which names principals and resources. */
  public static IamPolicy ofResource(String json) {
    IamPolicy policy = parse(json);
    for (IamStatement statement : policy.statements) {
      if (statement.resources().isEmpty() || statement.principals().isEmpty()) {
        throw new NotEmulatedException(
            "A statement of a policy of a resource names principals and resources.");
      }
    }
    return policy;
  }

  /** Parses the trust policy of a role, which names principals. */
  static IamPolicy ofTrust(String json) {
    IamPolicy policy = parse(json);
    for (IamStatement statement : policy.statements) {
      if (!statement.resources().isEmpty() || statement.principals().isEmpty()) {
        throw new NotEmulatedException(
            "A statement of a trust policy names principals and no resource.");
      }
    }
    return policy;
  }

  /** Returns the statements of an identity policy that allow an action. */
  List<IamStatement> allowing(IamAction action) {
    return statements.stream().filter(s -> !s.denies() && s.matches(action)).toList();
  }

  /** Returns the statements of a resource that allow an action to a caller, or that deny it. */
  List<IamStatement> about(IamAction action, AwsIdentity caller, boolean denies) {
    return statements.stream()
        .filter(s -> s.denies() == denies)
        .filter(s -> s.match(caller) != PrincipalMatch.NOT && s.matches(action))
        .toList();
  }

  /** Returns true if an identity policy allows an action. */
  public boolean allows(IamAction action) {
    return statements.stream().anyMatch(s -> !s.denies() && s.matches(action));
  }

  /** Returns true if the policy of a resource lets a service of AWS act. */
  public boolean allowsService(IamAction action) {
    return allowing(action).stream().anyMatch(IamStatement::isForServices);
  }

  /** Returns true if an identity policy denies an action. */
  boolean denies(IamAction action) {
    return statements.stream().anyMatch(s -> s.denies() && s.matches(action));
  }

  /** Returns how the statements of a resource that allow an action name its caller. */
  PrincipalMatch allows(IamAction action, AwsIdentity caller) {
    PrincipalMatch best = PrincipalMatch.NOT;
    for (IamStatement statement : statements) {
      if (!statement.denies() && statement.matches(action)) {
        PrincipalMatch match = statement.match(caller);
        best = match.compareTo(best) > 0 ? match : best;
      }
    }
    return best;
  }

  /** Returns true if a statement of a resource denies a caller an action. */
  boolean denies(IamAction action, AwsIdentity caller) {
    return statements.stream()
        .anyMatch(s -> s.denies() && s.match(caller) != PrincipalMatch.NOT && s.matches(action));
  }

  private static IamPolicy parse(String json) {
    JsonNode policy;
    try {
      policy = AwsReply.JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new NotEmulatedException("A policy is not JSON: " + e.getOriginalMessage());
    }
    if (!policy.path("Version").asText().equals(VERSION)) {
      throw new NotEmulatedException("Only policies of version " + VERSION + " are emulated.");
    }
    List<IamStatement> statements = new ArrayList<>();
    JsonNode list = policy.path("Statement");
    if (list.isArray()) {
      list.forEach(statement -> statements.add(IamStatement.parse(statement)));
    } else {
      statements.add(IamStatement.parse(list));
    }
    return new IamPolicy(statements);
  }
}
