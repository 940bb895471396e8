package io.meshwork.engine;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;

/**
 * Converts Meshwork exceptions to Iceberg's. If nothing was committed, the exception lets Iceberg
 * delete the files that it wrote; for an unknown outcome, it retains them.
 */
final class EngineErrors {
  private EngineErrors() {}

  static RuntimeException of(MeshException error) {
    String message = error.getMessage();
    if (error instanceof OutcomeUnknownException) {
      return new CommitStateUnknownException(message, error);
    }
    if (error instanceof ConflictException conflict) {
      // Iceberg repeats a commit that failed, which is useless for a conflict that stays.
      return conflict.retryable()
          ? new CommitFailedException(error, "%s", message)
          : new ForbiddenException(error, "%s", message);
    }
    if (error instanceof NotFoundException) {
      return new NoSuchTableException(error, "%s", message);
    }
    if (error instanceof AccessDeniedException
        || error.errorCode() == ErrorCode.DOMAIN_MISSING
        || error.errorCode() == ErrorCode.CLOSED) {
      return new ForbiddenException(error, "%s", message);
    }
    return new ServiceUnavailableException(error, "%s", message);
  }

  /** The caller may not read the table's files. */
  static ForbiddenException unreadable(TableIdentifier table, MeshException denial) {
    return new ForbiddenException(
        denial,
        "%s",
        denial.getMessage()
            + " Table "
            + table
            + " requires the right to read all of it, because an engine reads whole files. Read the"
            + " permitted rows and columns with MeshClient.read(..), or with Lake Formation.");
  }

  static ForbiddenException createTable(TableIdentifier table) {
    return forbidden(
        "create table " + table,
        "a table belongs to a product with a contract",
        "Define the product with MeshClient.defineProduct(..).");
  }

  static ForbiddenException dropTable(TableIdentifier table) {
    return forbidden(
        "drop table " + table,
        "it contains a version of a product, which consumers may depend on",
        "The owner retires it with MeshClient.rollout(..).retire().");
  }

  static ForbiddenException renameTable(TableIdentifier table) {
    return forbidden(
        "rename table " + table,
        "its name consists of the product and its major version",
        "Define the product under its new name, and move consumers with"
            + " MeshClient.endProduct(..).successor(..).");
  }

  static ForbiddenException registerTable(TableIdentifier table) {
    return forbidden(
        "register table " + table,
        "its rows were not checked against a contract",
        "Define the product with MeshClient.defineProduct(..), and publish the files with"
            + " MeshClient.publish(..).files(..).");
  }

  static ForbiddenException createNamespace(Namespace namespace) {
    return forbidden(
        "create namespace " + namespace,
        "a namespace is a domain",
        "Register it with MeshClient.registerDomain(..).");
  }

  static ForbiddenException changeNamespace(Namespace namespace) {
    return forbidden(
        "change or drop namespace " + namespace,
        "a namespace is a domain",
        "Amend it with MeshClient.registerDomain(..).");
  }

  static NoSuchTableException noSuchTable(TableIdentifier table) {
    return new NoSuchTableException(
        "Table %s does not exist. Tables are named domain.product_v1 in storage names;"
            + " MeshClient.products() lists the products.",
        table);
  }

  static NoSuchNamespaceException noSuchNamespace(Namespace namespace) {
    return new NoSuchNamespaceException(
        "Namespace %s does not exist. The namespaces are the domains of the mesh.", namespace);
  }

  private static ForbiddenException forbidden(String action, String reason, String fix) {
    return new ForbiddenException(
        "%s", "Cannot " + action + " in an engine: " + reason + ". Nothing was changed. " + fix);
  }
}
