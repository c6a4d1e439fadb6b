from classroom.tasks import verify
