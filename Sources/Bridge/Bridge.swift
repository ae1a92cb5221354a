import ArgumentParser
import Hummingbird
import Yams
