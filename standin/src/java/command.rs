//! Java's command line and its class path.

use std::path::{Path, PathBuf};

/// What the command line asks for.
pub(crate) enum JavaCommand {
    /// The version.
    Version,
    /// An option Java does not know.
    Unknown(String),
    /// A class with arguments.
    Main {
        class_path: ClassPath,
        class: String,
        arguments: Vec<String>,
    },
}

/// Where classes and resources are looked for.
pub(crate) struct ClassPath(Vec<PathBuf>);

impl JavaCommand {
    /// Reads the words after the program's name.
    pub(crate) fn read(words: Vec<String>) -> Self {
        let mut words = words.into_iter();
        let mut class_path = ClassPath(vec![PathBuf::from(".")]);
        while let Some(word) = words.next() {
            match word.as_str() {
                "-version" | "--version" => return Self::Version,
                "-cp" | "-classpath" | "--class-path" => {
                    class_path = ClassPath::read(&words.next().unwrap_or_default())
                }
                "-server" | "-client" => {}
                option if option.starts_with('-') => {
                    let known = [
                        "-D",
                        "-XX:",
                        "-Xm",
                        "-Xss",
                        "-Xlog",
                        "-Xshare",
                        "-ea",
                        "--add-opens",
                        "--enable-native",
                    ];
                    if !known.iter().any(|start| option.starts_with(start)) {
                        return Self::Unknown(word);
                    }
                }
                _ => {
                    return Self::Main {
                        class_path,
                        class: word,
                        arguments: words.collect(),
                    };
                }
            }
        }
        Self::Unknown(String::new())
    }
}

impl ClassPath {
    /// Reads entries separated by colons; `DIR/*` stands for the jars in it. Relative ones count
    /// from the working directory.
    fn read(text: &str) -> Self {
        Self(
            text.split(':')
                .filter(|entry| !entry.is_empty())
                .map(PathBuf::from)
                .collect(),
        )
    }

    /// Whether the Gateway's jar is there.
    pub(crate) fn has_the_gateway(&self) -> bool {
        self.0.iter().any(|entry| {
            entry.is_file()
                && entry
                    .file_name()
                    .is_some_and(|name| name == crate::layout::JAR)
        })
    }

    /// The file behind a resource's name: the first directory that has it. An absolute name is
    /// never found.
    pub(crate) fn find(&self, resource: &str) -> Option<PathBuf> {
        if Path::new(resource).is_absolute() {
            return None;
        }
        self.0
            .iter()
            .filter(|entry| entry.is_dir())
            .map(|entry| entry.join(resource))
            .find(|path| path.is_file())
    }
}
