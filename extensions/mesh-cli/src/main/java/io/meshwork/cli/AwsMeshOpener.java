package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.notice.Notifier;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens meshes on AWS: {@code aws:REGION/ACCOUNT/NAME}, with the jar of mesh-aws. */
public final class AwsMeshOpener implements MeshOpener.Cloud {
  /** Creates the opener. */
  public AwsMeshOpener() {}

  @Override
  public String scheme() {
    return "aws";
  }

  @Override
  public String form() {
    return "aws:REGION/ACCOUNT/NAME";
  }

  @Override
  public Mesh create(String location, Optional<Topology> topology) {
    AwsAddress address = address(location);
    address.make(topology);
    return address.open();
  }

  @Override
  public Mesh open(String location) {
    return address(location).open();
  }

  @Override
  public Mesh open(String location, UnaryOperator<Mesh.Builder> settings) {
    return address(location).open(settings);
  }

  @Override
  public MoveMesh moveFrom(Path folder, String location) {
    return address(location).moveFrom(folder);
  }

  @Override
  public long restoreFiles(String location) {
    return address(location).restoreFiles();
  }

  @Override
  public void addCatalog(String location, String catalog, String account) {
    address(location).addCatalog(catalog, account);
  }

  @Override
  public AccountFiles accountFiles(String location, String form, AccountRequest request) {
    return address(location).accountFiles(form, request);
  }

  @Override
  public AccountOnboarding<?> onboarding(String location, AccountRequest request, Path folder) {
    return address(location).onboarding(request, folder);
  }

  @Override
  public AccountFiles organizationFiles(String location, OrganizationRequest request) {
    return address(location).organizationFiles(request);
  }

  @Override
  public Notifier eventBridge(String location) {
    return address(location).eventBridge();
  }

  @Override
  public boolean authenticates() {
    return true;
  }

  @Override
  public LocalMesh.Copy backUp(String location, Path target) {
    return address(location).backUp(target);
  }

  private static AwsAddress address(String location) {
    try {
      return AwsAddress.parse(AwsAddress.PREFIX + location);
    } catch (NoClassDefFoundError e) {
      throw new UsageException(
          "The jar of mesh-aws is missing, which opens a mesh on AWS. Run the jar with the"
              + " classifier all, or add mesh-aws to the class path.");
    }
  }
}
