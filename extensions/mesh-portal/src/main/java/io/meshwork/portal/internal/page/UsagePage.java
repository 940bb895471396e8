package io.meshwork.portal.internal.page;

import java.util.List;

/**
 * Which domain uses products of which.
 *
 * @param frame the frame
 * @param domains the domains, which are the columns
 * @param rows the domains that use
 * @param spared the bytes that were not copied, in words; empty if none
 * @param notice what the table does not show
 */
public record UsagePage(
    PageFrame frame, List<String> domains, List<UsageRow> rows, String spared, String notice) {
  public UsagePage {
    domains = List.copyOf(domains);
    rows = List.copyOf(rows);
  }

  /**
   * What one domain uses.
   *
   * @param domain the domain
   * @param cells the number of products of each domain, as text; empty for none
   */
  public record UsageRow(String domain, List<String> cells) {
    public UsageRow {
      cells = List.copyOf(cells);
    }
  }
}
