import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir


class Azula(ConanFile):
    """The recipe of the repository that it lies in:  conan create packaging/conan -s compiler.cppstd=20"""

    name = "azula"
    description = "Reverse-diffusion samplers for C++: bring your network, pick a solver"
    license = "MIT"
    topics = ("diffusion-models", "samplers", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    no_copy_source = True

    @property
    def _repository(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        project = load(self, os.path.join(self._repository, "CMakeLists.txt"))
        self.version = re.search(r"project\(azula VERSION ([0-9.]+)", project).group(1)

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*"):
            copy(self, pattern, src=self._repository, dst=self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("eigen/[>=3.4 <6]", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["AZULA_INSTALL"] = True
        for programs in ("EXAMPLES", "TESTS", "BENCHMARKS"):
            toolchain.cache_variables[f"AZULA_BUILD_{programs}"] = False
        toolchain.generate()

    def build(self):
        CMake(self).configure()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        rmdir(self, os.path.join(self.package_folder, "share"))  # Conan's generators write these files

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "azula")
        self.cpp_info.set_property("cmake_target_name", "azula::azula")
        self.cpp_info.set_property("pkg_config_name", "azula")
