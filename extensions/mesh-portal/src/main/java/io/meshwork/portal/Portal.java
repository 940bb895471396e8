package io.meshwork.portal;

import io.meshwork.MeshClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.disk.DesktopFiles;
import io.meshwork.portal.internal.page.PageDocument;
import io.meshwork.portal.internal.site.SitePages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A mesh as a static site: one page for each product and domain, and pages of usage, requests, and
 * rollouts. Beside each page is the same as a JSON document. The site opens from a folder, without
 * a server and without script, and refers to nothing outside.
 *
 * <p>It shows what the client's principal may know at the time of the call, and nothing else. The
 * same mesh, principal, and time give the same bytes. Thread-safe; nothing to close.
 */
public final class Portal {
  private static final String INDEX = "index.json";

  private final MeshClient client;

  private Portal(MeshClient client) {
    this.client = client;
  }

  /** Returns the site as the client's principal sees it. */
  public static Portal of(MeshClient client) {
    return new Portal(client);
  }

  /**
   * Writes the site. Pages of an earlier run that are not part of the site now are deleted; files
   * of others stay.
   *
   * @param folder a new or empty folder, or one that an earlier run wrote
   * @return the number of pages
   * @throws io.meshwork.error.InvalidRequestException if the folder has other files
   * @throws io.meshwork.error.BackendException if the mesh cannot be read, or the folder cannot be
   *     written; the folder may then hold a part of the site
   */
  public int writeTo(Path folder) {
    MeshAction action = MeshAction.of(Verb.WRITE, "the portal to " + folder);
    try {
      Set<Path> before = earlierFiles(folder, action);
      SitePages site = SitePages.kept(client);
      List<String> pages = site.pages();
      begin(folder);
      for (String page : pages) {
        SitePages.PageFiles files =
            site.find(page).orElseThrow(() -> new IllegalStateException("no page " + page));
        Path html = folder.resolve(page);
        Path json = folder.resolve(SitePages.document(page));
        Files.createDirectories(html.toAbsolutePath().getParent());
        Files.write(html, files.html());
        Files.write(json, files.json());
        before.remove(html);
        before.remove(json);
      }
      for (Path old : before) { // a page comes before its document
        if (isDocument(old.resolveSibling(withoutEnding(old) + ".json"))) {
          Files.delete(old);
        }
      }
      return pages.size();
    } catch (IOException | UncheckedIOException e) {
      throw Failure.of(action)
          .because("a file cannot be written: " + e)
          .state("The folder may hold a part of the site.")
          .fix("Check the space and the permissions of the folder, and run it again.")
          .cause(e)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
  }

  /**
   * Creates the file that marks the folder of a portal, so that a run that failed can be repeated.
   */
  private static void begin(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path index = folder.resolve(INDEX);
    if (!Files.exists(index)) {
      Files.createFile(index);
    }
  }

  /** Returns the files that an earlier run wrote. */
  private static Set<Path> earlierFiles(Path folder, MeshAction action) throws IOException {
    Set<Path> files = new TreeSet<>(Comparator.comparing(Path::toString));
    if (!Files.exists(folder)) {
      return files;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return isOfSystem(path) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (!isOfSystem(path) && !Files.isDirectory(path)) {
              files.add(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failure)
              throws IOException {
            if (isOfSystem(path)) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          private boolean isOfSystem(Path path) {
            return !path.equals(folder) && DesktopFiles.include(String.valueOf(path.getFileName()));
          }
        });
    boolean hasOtherFiles = files.stream().anyMatch(file -> !isPage(folder.relativize(file)));
    Path index = folder.resolve(INDEX);
    if (hasOtherFiles || (!files.isEmpty() && !isBegun(index) && !isDocument(index))) {
      throw Failure.of(action)
          .because("the folder has files that are not part of a portal")
          .state("Nothing was written.")
          .fix("Name a new or empty folder, or one of an earlier portal.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return files;
  }

  /** True for the index of a run that failed before its first page. */
  private static boolean isBegun(Path index) throws IOException {
    return Files.exists(index) && Files.size(index) == 0;
  }

  /** True for a document that a run wrote beside a page. */
  private static boolean isDocument(Path file) throws IOException {
    return Files.exists(file)
        && Files.readString(file, StandardCharsets.ISO_8859_1).startsWith(PageDocument.START);
  }

  private static String withoutEnding(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static boolean isPage(Path file) {
    String name = file.toString().replace('\\', '/');
    return name.matches(
        "((index|search|mine|map|usage|requests|rollouts)|domain/[^/]+|product/[^/]+/[^/]+)[.](html|json)");
  }
}
