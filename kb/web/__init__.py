"""What is answered over plain HTTP: the shell of the app, permanent links, files, the playbook, health."""
