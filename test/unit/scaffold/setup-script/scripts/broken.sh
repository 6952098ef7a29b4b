#!/bin/bash
pip install -r requirements.txt
if [ -f manage.py ]; then
  python manage.py migrate
echo "the fi is missing"
