package io.meshwork.internal.stewards;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.OutsideApproval;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.List;

/**
 * Finds approvals of open requests to the stewards that do not count, because the steward's account
 * acted for the domain that asked. Stateless.
 */
final class ApprovalExamination {
  private ApprovalExamination() {}

  /** Adds the findings about a product. */
  static void examine(ClientSession session, ProductName product, List<Finding> findings) {
    for (StoredRequest request : StoredRequest.open(session, product)) {
      if (request.approval().isEmpty()) {
        session
            .ledger()
            .read(StoredRequest.approvalKey(session, product, request.entry().id()))
            .ifPresent(approval -> findings.add(finding(request.entry(), approval)));
      }
    }
  }

  private static Finding finding(StewardRequestEntry request, VersionedDocument approval) {
    return new Finding(
        FindingCode.APPROVAL_BY_OWNER,
        Finding.Severity.WARNING,
        request.product().toString(),
        "The approval of request "
            + request.id()
            + " ("
            + request.kind()
            + ") by "
            + OutsideApproval.of(approval).by()
            + " does not count: the account acted for the domain that asked, then or since.",
        0,
        List.of(),
        "Let a steward of another domain approve it.");
  }
}
